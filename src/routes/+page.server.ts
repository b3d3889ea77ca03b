import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** The portal has no page of its own: customers go home, everybody else is sent on from there to sign in. */
export const load: PageServerLoad = () => redirect(307, '/home');
