import type { Mutation } from "./_mutate.ts";

/** A mutation of a provider that a user has written. */
export interface ParrotMutant extends Omit<Mutation, "file"> {
  /** What the provider then does. */
  readonly what: string;
  /** The name of the case that has to fail. */
  readonly caughtBy: string;
}

const TEXT = '{ type: "text", text: say }';
const FINISH = 'yield { type: "finish", reason: "stop" };';
const REQUEST = 'run.post("/talk", { json: { model, messages } })';

/** Ways in which a user may get a provider wrong. */
export const PARROT_MUTANTS: readonly ParrotMutant[] = [
  {
    what: "finishes where the body ends",
    caughtBy: "fails where the body ends before its end marker",
    find: "async *respond(run): AsyncGenerator<ChatEvent> {",
    replace: `async *respond(run) { yield* this.talk(run); ${FINISH} },\n` +
      "async *talk(run) {",
  },
  {
    what: "never finishes",
    caughtBy: "ends with one finish event, and its text is whole",
    find: FINISH,
    replace: "return;",
  },
  {
    what: "says everything twice",
    caughtBy: "ends with one finish event, and its text is whole",
    find: `yield ${TEXT};`,
    replace: `yield* [${TEXT}, ${TEXT}];`,
  },
  {
    what: "misses that its server fails",
    caughtBy:
      "fails where the server sends an error, at once or after any event",
    find: "if (words !== undefined) {",
    replace: "if (false) {",
  },
  {
    what: "tells the prompt in its error",
    caughtBy: "keeps its secrets, whatever fails",
    find: '"Parrot is sick"',
    replace: "`Parrot is sick of ${messages[0].content}`",
  },
  {
    what: "ends with another text than it said",
    caughtBy: "collects what it streams, and says who answered",
    find: FINISH,
    replace: 'yield { type: "finish", reason: "stop", text: "Polly" };',
  },
  {
    what: "tries again by itself",
    caughtBy: "sends a run again after a 500",
    find: `await ${REQUEST};`,
    replace: `await ${REQUEST}.catch(() => ${REQUEST});`,
  },
  {
    what: "reads the whole body before it speaks",
    caughtBy: "waits 60 s between two tokens, or as long as an option says",
    find: "response.decode(createJsonLineDecoder(run.limits))",
    replace: '[(await response.text()).split("\\n").filter(Boolean)]',
  },
];
