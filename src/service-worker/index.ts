/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true" />
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker';
import { clientsClaim } from 'workbox-core';
import { cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching';
import { answerNavigation } from './navigation.ts';
import { isPrecachedPage } from './offline-answer.ts';
import { precacheList } from './precache.ts';

declare const self: ServiceWorkerGlobalScope;

// The very first visit can already be continued without a network.
clientsClaim();
cleanupOutdatedCaches();
precacheAndRoute(precacheList(build, files, version));

self.addEventListener('fetch', (event) => {
	if (event.request.mode !== 'navigate' || isPrecachedPage(new URL(event.request.url))) return;
	event.respondWith(answerNavigation(event.request));
});

// The page asks for this once the customer has accepted the update.
self.addEventListener('message', (event) => {
	const message = event.data as { type?: unknown } | null;
	if (message?.type === 'SKIP_WAITING') void self.skipWaiting();
});
