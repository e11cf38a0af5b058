/**
 * The items of an input, as far as they are read.
 *
 * @module
 */

import * as z from "zod/mini";

const text = z.string("a string");

/** What every item may have, a message among them. */
export const ItemType = z.object({
  type: z.nullish(text),
  role: z.nullish(text),
  content: z.nullish(
    z.union([text, z.array(z.unknown())], "a string or a list of parts"),
  ),
}, "an object");

const called = { call_id: text, name: text, namespace: z.nullish(text) };

/** A call of a function. */
export const Call = z.object({ ...called, arguments: text });

/** A call of a tool that takes text. */
export const CustomCall = z.object({ ...called, input: text });

/** A search of tools, which the client makes. */
export const Search = z.object({
  call_id: text,
  arguments: z.unknown(),
  execution: z.optional(z.literal("client", '"client"')),
});

/** What a search found. */
export const Found = z.object({
  call_id: text,
  tools: z.array(z.unknown(), "a list"),
  execution: z.optional(z.literal("client", '"client"')),
});

/** Tools that came later. */
export const AdditionalTools = z.object({
  role: z.nullish(text),
  tools: z.array(z.unknown(), "a list"),
});

/** What a tool gave. */
export const Result = z.object({
  call_id: text,
  output: z.union([text, z.array(z.unknown())], "a string or a list of parts"),
});

/** An item that is kept. */
export const Reference = z.object({ id: text });

/** A part of a content. */
export const Part = z.object({
  type: text,
  text: z.nullish(text),
  refusal: z.nullish(text),
  image_url: z.nullish(text),
  encrypted_content: z.nullish(text),
}, "an object");

const thoughts = z.nullish(
  z.array(z.object({ text: z.nullish(text) }, "an object"), "a list"),
);

/** What a model thought. */
export const Summary = z.object({ summary: thoughts, content: thoughts });
