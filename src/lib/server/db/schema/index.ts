export * from './billing.ts';
export * from './demo.ts';
export * from './identity.ts';
export * from './jobs.ts';
export * from './metering.ts';
export * from './tariffs.ts';
