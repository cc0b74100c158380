import type { CallDetail, LegAccount } from '../../../domain/api/console-api.ts';
import type {
  CallerCard,
  Contact,
  ContactDetail,
  ContactFields,
  ContactNote,
} from '../../../domain/api/contacts-api.ts';
import type { DeskOptions, DeskView, VoicemailView } from '../../../domain/api/desk-api.ts';
import type { CallbackView, HistoryOutcome, HistoryPage } from '../../../domain/api/history-api.ts';
import type { RingChain } from '../../../domain/desk/ring-chain.ts';
import { ApiCallError, isRecord, type Request } from '../../session/request.ts';

/** What the panes ask the server for. Every promise rejects with an `ApiCallError`. */
export interface WorkspaceApi {
  options(): Promise<DeskOptions>;
  team(): Promise<Team>;
  caller(number: string, language: string): Promise<CallerCard>;
  saveContact(number: string, fields: ContactFields): Promise<Contact>;
  notes(number: string): Promise<readonly ContactNote[]>;
  addNote(number: string, text: string, call: string | null): Promise<ContactNote>;
  /** A call by any of its ids, with its webhooks. */
  call(id: string): Promise<CallDetail>;
  /** What the webhooks said of a leg of this page. */
  leg(id: string): Promise<LegAccount>;
  /** Why the call did not ring at the agent: one chain for each offer of it that she did not take. */
  rings(call: string): Promise<readonly RingChain[]>;
  history(query: HistoryQuery): Promise<HistoryPage>;
  /** Resolves with how many missed calls are still counted. */
  markSeen(): Promise<number>;
  voicemails(): Promise<readonly VoicemailView[]>;
  markHeard(id: string): Promise<void>;
  deleteVoicemail(id: string): Promise<void>;
  callbacks(): Promise<readonly CallbackView[]>;
  cancelCallback(id: string): Promise<void>;
}

export type Team = Pick<DeskView, 'agents' | 'queues'>;

export interface HistoryQuery {
  /** Of the whole team; otherwise of the agent. */
  isTeam: boolean;
  outcome: HistoryOutcome | '';
  search: string;
  after: string | null;
}

/** @param agent whose page it is; null where the server knows, because agents sign in */
export function createWorkspaceApi(request: Request, agent: string | null): WorkspaceApi {
  const me = agent === null ? {} : { agent };
  const numbered = (room: string, number: string) => `api/${room}/${encodeURIComponent(number)}`;
  const asMe = (path: string) => (agent === null ? path : `${path}?${new URLSearchParams({ agent })}`);

  return {
    options: async () =>
      checked(await request('api/desk/options'), hasLists<DeskOptions>('phrases', 'queues', 'outcomes')),
    team: async () => checked(await request('api/desk'), hasLists<Team>('agents', 'queues')),
    caller: async (number, language) =>
      checked(
        await request(`${numbered('callers', number)}?${new URLSearchParams({ language })}`),
        hasLists<CallerCard>('lastCalls'),
      ),
    saveContact: async (number, fields) =>
      checked(
        await request(numbered('contacts', number), { method: 'PUT', body: { ...me, ...fields } }),
        (value): value is Contact => isRecord(value) && typeof value.number === 'string',
      ),
    async notes(number) {
      return checked(await request(numbered('contacts', number)), hasLists<ContactDetail>('notes')).notes;
    },
    addNote: async (number, text, call) =>
      checked(
        await request(`${numbered('contacts', number)}/notes`, {
          method: 'POST',
          body: { ...me, text, call },
        }),
        (value): value is ContactNote => isRecord(value) && typeof value.text === 'string',
      ),
    call: async (id) =>
      checked(
        await request(numbered('calls', id)),
        (value): value is CallDetail =>
          isRecord(value) &&
          Array.isArray(value.entries) &&
          isRecord(value.call) &&
          Array.isArray(value.call.legs),
      ),
    leg: async (id) => checked(await request(numbered('legs', id)), hasLists<LegAccount>('webhooks')),
    rings: async (call) =>
      checked(
        await request(asMe(`${numbered('desk/calls', call)}/rings`)),
        (value): value is RingChain[] =>
          Array.isArray(value) && value.every((each) => isRecord(each) && Array.isArray(each.links)),
      ),
    async history({ isTeam, outcome, search, after }) {
      const query = new URLSearchParams({
        agent: isTeam ? 'all' : (agent ?? 'me'),
        ...(outcome && { outcome }),
        ...(search && { search }),
        ...(after && { after }),
      });
      return checked(await request(`api/history?${query}`), hasLists<HistoryPage>('items'));
    },
    async markSeen() {
      const isAnswer = (value: unknown): value is { missed: number } =>
        isRecord(value) && typeof value.missed === 'number';
      return checked(await request('api/history/seen', { method: 'POST', body: me }), isAnswer).missed;
    },
    voicemails: async () => checked(await request('api/voicemails'), isListOf<VoicemailView>),
    async markHeard(id) {
      await request(asMe(`${numbered('voicemails', id)}/heard`), { method: 'PUT' });
    },
    async deleteVoicemail(id) {
      await request(numbered('voicemails', id), { method: 'DELETE' });
    },
    callbacks: async () => checked(await request(asMe('api/callbacks')), isListOf<CallbackView>),
    async cancelCallback(id) {
      await request(asMe(numbered('callbacks', id)), { method: 'DELETE' });
    },
  };
}

function checked<T>(value: unknown, is: (value: unknown) => value is T): T {
  if (is(value)) {
    return value;
  }
  throw new ApiCallError('unreachable', 'The server sent an answer that makes no sense.');
}

/** The server is of the same build as the page: the shape of an answer is checked, not each field. */
function isListOf<T>(value: unknown): value is T[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && typeof item.id === 'string');
}

function hasLists<T>(...names: (keyof T & string)[]) {
  return (value: unknown): value is T => isRecord(value) && names.every((name) => Array.isArray(value[name]));
}
