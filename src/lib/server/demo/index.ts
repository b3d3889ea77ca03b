export type { DemoAttribution } from './attribution.ts';
export { demoNameOf } from './customers.ts';
export { demoAttributionsOf, demoIdentities, type DemoIdentity } from './identities.ts';
export { loadDemo, type DemoProgress, type DemoResult } from './load.ts';
