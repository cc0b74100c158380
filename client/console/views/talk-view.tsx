import { AudioLines } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import { span } from '../../../ui/time-words.ts';
import type { Talk } from '../ladder/ladder.ts';
import { Elapsed } from './call-row.tsx';
import { usePage } from './context.ts';
import { Graph } from './graph.tsx';

/** A conversation, from its beginning to its end. `isLive`: whether its call goes on. */
export function TalkView({ talk, isLive }: { talk: Talk; isLive: boolean }) {
  const { locale, strings } = usePage();
  const words = strings.value.ladder;
  const { from, until, who } = talk;
  return (
    <li class="rung rung--talk">
      <span class="rung__time" />
      <Graph after={talk.after}>
        <span class="graph__talk" />
      </Graph>
      <p class="rung__words rung__words--talk">
        <Icon icon={AudioLines} />
        <span>
          {words.talk(who ?? words.theAgent)}{' '}
          {until !== null && words.talkFor(span(until - from, locale.value))}
          {until === null && isLive && <Elapsed since={from} />}
        </span>
      </p>
    </li>
  );
}
