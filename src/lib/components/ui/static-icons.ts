import type { Plugin } from 'vite';

type IconNode = readonly [tag: string, attributes: Readonly<Record<string, string>>][];

/**
 * Build step: turns each icon of @lucide/svelte into plain markup. As shipped, an icon is data that a general
 * component turns into elements in the browser, attribute by attribute; that costs every page 3 kB and time
 * for a freedom that is not used here. An icon takes `class` and `strokeWidth` and is always decoration: the
 * words beside it, or the control's label, say what it means.
 */
export function staticIcons(): Plugin {
	return {
		name: 'static-icons',
		enforce: 'pre',
		transform: {
			filter: { id: /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/ },
			handler: (source, id) => ({ code: iconComponent(source, id), map: null })
		}
	};
}

/** @throws Error where the library has come to ship its icons in another form */
function iconComponent(source: string, id: string): string {
	const [, json] = /const iconData = (\{.*\});\n/.exec(source) ?? [];
	if (json === undefined) throw new Error(`static-icons: no icon found in ${id}`);
	const { node } = JSON.parse(json) as { node: IconNode };
	const shapes = node.map(([tag, attributes]) => {
		const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
		return `<${tag}${written.join('')} />`;
	});
	return `<script>
let { class: extra = '', strokeWidth = 2 } = $props();
</script>
<svg class={extra} width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"
	stroke-width={strokeWidth} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${shapes.join('')}</svg>
`;
}
