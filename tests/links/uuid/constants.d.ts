export const NAMESPACE_DNS: string;
export const NAMESPACE_URL: string;
export const NAMESPACE_OID: string;
export const NAMESPACE_X500: string;
export const NIL_UUID: string;
