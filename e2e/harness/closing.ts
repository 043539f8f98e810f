import type { Reporter, TestModule } from 'vitest/node';

/** How much of a failure's first line is printed, in characters. */
const most = 200;

/** Lists at the very end what failed, a line each: what was seen meanwhile may fill many screens. */
export default class Closing implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const failed = modules.flatMap((module) =>
      [...module.children.allTests('failed')].map((test) => {
        const [reason = ''] = (test.result().errors?.[0]?.message ?? '').split('\n');
        return `failed: ${module.relativeModuleId} > ${test.name}: ${reason.slice(0, most)}`;
      }),
    );
    for (const line of failed) console.error(line);
  }
}
