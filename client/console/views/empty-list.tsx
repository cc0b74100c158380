import { ExternalLink, PhoneIncoming, SearchX } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { everything } from '../filter.ts';
import { usePage } from './context.ts';

/** What is there where no call is: how to make one, or how to see others. */
export function EmptyList({ isFiltered }: { isFiltered: boolean }) {
  return isFiltered ? <NoMatch /> : <FirstCall />;
}

function NoMatch() {
  const { live, strings } = usePage();
  return (
    <div class="empty">
      <Icon icon={SearchX} class="empty__icon" />
      <p class="empty__title">{strings.value.list.nothingFound}</p>
      <p>{strings.value.list.noMatch}</p>
      <button type="button" class="button" onClick={() => live.calls.setFilter(everything)}>
        {strings.value.filter.clear}
      </button>
    </div>
  );
}

function FirstCall() {
  const { live, nameOf, strings } = usePage();
  const words = strings.value.empty;
  const stage = live.session.stage.value;
  const session = stage.name === 'signed-in' ? stage.session : null;
  const number = session?.number ?? null;

  return (
    <div class="empty empty--first">
      <Icon icon={PhoneIncoming} class="empty__icon" />
      <h2 class="empty__title">{words.title}</h2>
      <p>{words.lead}</p>
      <ol class="empty__steps">
        <li>
          <a href="./" target="_blank" rel="noopener">
            {words.openAgent}
            <Icon icon={ExternalLink} />
          </a>{' '}
          {words.openAgentWhy}
        </li>
        <li>
          {session?.phoneUrl && number !== null ? (
            <>
              <a href={session.phoneUrl} target="_blank" rel="noopener">
                {words.openPhone}
                <Icon icon={ExternalLink} />
              </a>{' '}
              {words.openPhoneWhy(nameOf(number))}
            </>
          ) : number === null ? (
            words.dialNumber
          ) : (
            words.dial(nameOf(number))
          )}
        </li>
        <li>{words.watch}</li>
      </ol>
    </div>
  );
}
