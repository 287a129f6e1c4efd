/** A `$filter` that cannot be read: the reason, for the service's error text. */
export class FilterError extends Error {}
