import { CircleCheck, CircleX } from 'lucide';
import { Icon } from '../../../ui/icon.tsx';
import type { Proof } from '../../traffic/entry.ts';
import { usePage } from './context.ts';
import { Pairs } from './message-view.tsx';

/** Who signed the request, and whether what was signed is what was sent. */
export function ProofView({ proof, isWebhook }: { proof: Proof; isWebhook: boolean }) {
  const words = usePage().strings.proof;
  return (
    <section class="part">
      <h3>{words.title}</h3>
      {proof.type === 'none' && <p class="none">{words.none}</p>}
      {proof.type === 'key' && <p class="none">{words.key(proof.key)}</p>}
      {proof.type === 'token' && (
        <>
          {proof.hash && (
            <Verdict isRight={proof.hash.claimed === proof.hash.actual} words={[words.right, words.wrong]} />
          )}
          {!isWebhook && (
            <Verdict
              isRight={proof.fault === null}
              words={[words.valid, proof.fault ? words.fault(words.faults[proof.fault]) : '']}
            />
          )}
          {proof.hash && proof.hash.claimed !== proof.hash.actual && (
            <Pairs
              pairs={[
                [words.claimed, proof.hash.claimed],
                [words.actual, proof.hash.actual],
              ]}
            />
          )}
          <Pairs title={words.claims} pairs={claimsOf(proof.claims)} />
          <details class="headers">
            <summary>{words.header}</summary>
            <Pairs pairs={claimsOf(proof.header)} />
          </details>
        </>
      )}
    </section>
  );
}

function Verdict({ isRight, words: [right, wrong] }: { isRight: boolean; words: [string, string] }) {
  return (
    <p class="verdict" data-right={isRight || undefined}>
      <Icon icon={isRight ? CircleCheck : CircleX} />
      {isRight ? right : wrong}
    </p>
  );
}

/** Claims as text; moments, which are seconds since 1970, also as a date. */
function claimsOf(claims: Record<string, unknown>): [string, string][] {
  return Object.entries(claims).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const isMoment = ['iat', 'exp', 'nbf'].includes(name) && typeof value === 'number' && value < 1e11;
    return [name, isMoment ? `${text} (${new Date(value * 1000).toISOString()})` : text];
  });
}
