/** Who acts. Delegates, agents on behalf and technicians join with the modules that need them. */
export type Actor =
	| { readonly kind: 'customer'; readonly customerId: number; readonly sessionId: string }
	| { readonly kind: 'system'; readonly purpose: string };

/** What an actor may do with an object. */
export type Access = 'view' | 'pay';

declare const authorizedBrand: unique symbol;

/**
 * A value whose access was checked by the policy. Only `server/auth/policy.ts` makes one, so a service or
 * repository that asks for `Authorized<…>` cannot be called with an object that nobody checked.
 */
export type Authorized<T, A extends Access = 'view'> = T & { readonly [authorizedBrand]: A };
