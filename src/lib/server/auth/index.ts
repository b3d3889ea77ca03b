export { offeredIdentities } from './demo-sign-in.ts';
