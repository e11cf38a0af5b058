/**
 * failover
 *
 * @module
 */

export {};
