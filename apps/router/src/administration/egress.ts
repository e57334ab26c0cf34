/** Injection token: host:port pairs that may be reached although they are private (development only). */
export const EGRESS_ALLOW = Symbol('egress.allow');
