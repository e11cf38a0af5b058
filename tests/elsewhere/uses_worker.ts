// The uses in workerd, which answers a request with how they went.
import { runCases } from "./run_cases.ts";
import { USES } from "./uses.ts";

export default {
  async fetch(): Promise<Response> {
    return Response.json(
      await runCases(USES, {
        runtime: "workerd",
        deadline: 10_000,
        watch(tell) {
          addEventListener(
            "unhandledrejection",
            (event) => tell(event.reason),
          );
        },
      }),
    );
  },
};
