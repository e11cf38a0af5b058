import type { PageCase } from "./_page_case.ts";
import { ANSWER_CASES } from "./_page_cases_answers.ts";
import { CHAT_CASES } from "./_page_cases_chats.ts";
import { MARKDOWN_CASES } from "./_page_cases_markdown.ts";
import { PICTURE_CASES } from "./_page_cases_pictures.ts";
import { USE_CASES } from "./_page_cases_use.ts";

/** Everything that the page does for a person. */
export const CASES: readonly PageCase[] = [
  ...ANSWER_CASES,
  ...MARKDOWN_CASES,
  ...CHAT_CASES,
  ...PICTURE_CASES,
  ...USE_CASES,
];
