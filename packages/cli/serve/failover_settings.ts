import {
  bytes,
  duration,
  integer,
  oneOf,
  optional,
  text,
} from "./setting_kinds.ts";
import type { Setting } from "./setting.ts";

/** What is set for the failover over `routes`. */
export const FAILOVER = {
  "failover.strategy": {
    kind: oneOf("ordered", "round-robin", "weighted", "fastest"),
    about: "which model of a failover comes first",
    byDefault: "ordered",
    example: "fastest",
  },
  "failover.onPartial": {
    kind: oneOf("restart", "match", "continue", "hold", "error"),
    about: "what becomes of a stream whose model fails in the middle",
    byDefault: "match",
    example: "continue",
  },
  "failover.hedgeAfter": {
    kind: optional(duration),
    about: "after how long without a word the next model is asked, too",
    byDefault: "10s",
    example: "3s",
  },
  "failover.maxRetryDelay": {
    kind: duration,
    about: "the longest wait that a model may ask for while another is left",
    byDefault: "5s",
    example: "1s",
  },
  "failover.breaker.failures": {
    kind: integer(1),
    about: "after how many failures in a row a model is left alone",
    byDefault: "3",
    example: "5",
  },
  "failover.breaker.coolDown": {
    kind: duration,
    about: "for how long it is left alone at first",
    byDefault: "5s",
    example: "2s",
  },
  "failover.breaker.maxCoolDown": {
    kind: duration,
    about: "for how long it is left alone at most",
    byDefault: "10s",
    example: "1m",
  },
  "failover.breaker.probeTime": {
    kind: duration,
    about: "how long one request may try it alone",
    byDefault: "60s",
    example: "30s",
  },
  "failover.timeouts.headers": {
    kind: optional(duration),
    about: "how long a model may take to begin a response",
    byDefault: "3m",
    example: "20s",
  },
  "failover.timeouts.firstToken": {
    kind: optional(duration),
    about: "how long it may take to its first word",
    byDefault: "30s while another is left, else 3m",
    example: "45s",
  },
  "failover.timeouts.idle": {
    kind: optional(duration),
    about: "how long it may be silent between two words",
    byDefault: "20s while another is left, else 60s",
    example: "15s",
  },
  "failover.timeouts.total": {
    kind: optional(duration),
    about: "how long an answer may take, whoever gives it",
    byDefault: "10m",
    example: "20m",
  },
  "failover.limits.answerLength": {
    kind: integer(1),
    about: "the most characters that are kept of an answer",
    byDefault: "8388608",
    example: "1000000",
  },
  "failover.limits.answerImageBytes": {
    kind: bytes,
    about: "the most bytes of its pictures that are kept",
    byDefault: "32MiB",
    example: "8MiB",
  },
  "failover.id": {
    kind: text("NAME", "a name"),
    about: "the name of the failover in errors and events",
    byDefault: "Failover",
    example: "Routes",
  },
  "failover.label": {
    kind: text("NAME", "a name"),
    about: "the same for people",
    byDefault: "the one above",
    example: "Our routes",
  },
} as const satisfies Record<string, Setting>;
