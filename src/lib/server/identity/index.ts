export type { Device, DeviceKind } from './device.ts';
export { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH } from './password.ts';
export {
	createCustomer,
	openAccount,
	profileOf,
	setPassword,
	signInToDemo,
	signInWithPassword,
	type NewCustomer,
	type Profile,
	type SignInDevice
} from './service.ts';
export {
	listDevices,
	MAX_IDLE,
	resumeSession,
	revokeDevice,
	signOut,
	signOutEverywhere
} from './sessions.ts';
export { addSupply, type NewSupply, type SupplyResult } from './supply.ts';
