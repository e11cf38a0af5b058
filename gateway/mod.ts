/**
 * gateway
 *
 * @module
 */

export {};
