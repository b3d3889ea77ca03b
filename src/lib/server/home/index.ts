export { accountOverview } from './service.ts';
