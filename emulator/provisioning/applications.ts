import type { World } from '../world.ts';
import type { Application } from './account.ts';
import type { Capabilities } from './capabilities.ts';
import { webhooksOf } from './capabilities.ts';
import type { AccountState, ApplicationState } from './state.ts';

/** An application as the Application API returns it. */
export interface ApplicationRecord extends Application {
  readonly capabilities: Capabilities;
  readonly privacy: ApplicationState['privacy'];
  /** Where the platform made the application itself, so that it can hand the key out. */
  readonly privateKey?: string | undefined;
}

export type ApplicationContent = Pick<
  ApplicationState,
  'name' | 'publicKey' | 'capabilities' | 'privacy' | 'privateKey'
>;

/** Every application of the platform. */
export interface ApplicationRegistry {
  get(id: string): ApplicationRecord | undefined;
  /** The oldest of a name. */
  named(name: string): ApplicationRecord | undefined;
  /** Those of an account, oldest first. */
  of(apiKey: string): ApplicationRecord[];
  add(apiKey: string, content: ApplicationContent): ApplicationRecord;
  /** Replaces the whole content: calls under way go on with it. */
  replace(id: string, content: ApplicationContent): ApplicationRecord | undefined;
  remove(id: string): boolean;
}

/** @param changed told after each change. */
export function createApplicationRegistry(
  world: World,
  accounts: AccountState[],
  changed: () => void,
): ApplicationRegistry {
  const byId = new Map<string, ApplicationRecord>();
  const put = (apiKey: string, id: string, content: ApplicationContent) => {
    const record: ApplicationRecord = { id, apiKey, ...derived(content) };
    byId.set(id, record);
    return record;
  };
  for (const { apiKey, applications } of accounts) {
    for (const { id, users: _, ...content } of applications) put(apiKey, id, content);
  }
  return {
    get: (id) => byId.get(id),
    named: (name) => [...byId.values()].find((one) => one.name === name),
    of: (apiKey) => [...byId.values()].filter((one) => one.apiKey === apiKey),
    add(apiKey, content) {
      const record = put(apiKey, world.uuid(), content);
      changed();
      return record;
    },
    replace(id, content) {
      const record = byId.get(id);
      if (!record) return undefined;
      // In place: calls hold it, and read it again for each webhook.
      Object.assign(record, derived(content));
      changed();
      return record;
    },
    remove(id) {
      if (!byId.delete(id)) return false;
      changed();
      return true;
    },
  };
}

/** The content, with what calls need to know of it. */
function derived(content: ApplicationContent) {
  const { voice } = content.capabilities;
  return { ...content, webhooks: webhooksOf(content.capabilities), region: voice?.region };
}
