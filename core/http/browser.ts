/**
 * How a browser names itself.
 *
 * @module
 */

/**
 * Headers by which the public sites take a request for one of their own pages.
 * Browsers set their own in place of them.
 */
export const BROWSER = {
  "accept-language": "en-US,en;q=0.9",
  "user-agent":
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
} as const;

/** The client hints that go with {@linkcode BROWSER}. */
export const CLIENT_HINTS = {
  "sec-ch-ua": '"Chromium";v="131", "Not_A Brand";v="24"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Linux"',
} as const;
