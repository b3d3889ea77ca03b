// Rendered in the browser only: the service worker keeps this page for everyone, so it carries no data.
export const ssr = false;
