/** Minimum length of a configured access code. */
const SHORTEST_CODE = 8;

/** An access code for each agent, or everything that is wrong, without quoting a code. */
type AccessCodeList =
  | { ok: true; codes: ReadonlyMap<string, string> }
  | { ok: false; faults: readonly string[] };

/** Reads `Alice:code,Bob:code`. A code may hold colons, but no comma. */
export function parseAccessCodes(text: string, agents: readonly string[]): AccessCodeList {
  const codes = new Map<string, string>();
  const faults: string[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const colon = entry.indexOf(':');
    const name = entry.slice(0, colon).trim();
    const code = entry.slice(colon + 1).trim();
    if (colon < 1) faults.push(`entry ${index + 1} must be written as name:code`);
    else if (!agents.includes(name)) faults.push(`entry ${index + 1} is for somebody who is not in AGENTS`);
    else if (codes.has(name)) faults.push(`has two codes for ${name}`);
    else if (code.length < SHORTEST_CODE) {
      faults.push(`must have at least ${SHORTEST_CODE} characters in the code of ${name}`);
    }
    if (colon >= 1) codes.set(name, code);
  }
  for (const agent of agents) if (!codes.has(agent)) faults.push(`has no code for ${agent}`);
  return faults.length === 0 ? { ok: true, codes } : { ok: false, faults };
}
