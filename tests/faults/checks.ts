/** What a scenario found to hold or not, printed as it goes and summed up at its end. */
export interface Checks {
  check(holds: boolean, what: string): void;
  /** `N passed, N failed`, and whether none failed. */
  end(): boolean;
}

export function createChecks(): Checks {
  let passed = 0;
  let failed = 0;
  return {
    check(holds, what) {
      if (holds) passed++;
      else failed++;
      console.log(`${holds ? '  ok    ' : '  FAILED'} ${what}`);
    },
    end() {
      console.log(`${passed} passed, ${failed} failed`);
      return failed === 0;
    },
  };
}

/** `p50 3, p95 8, most 12` */
export function describeTimes(ms: readonly number[]): string {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${Math.round(sorted.at(-1) ?? 0)} ms`;
}
