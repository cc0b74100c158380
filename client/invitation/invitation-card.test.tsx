// @vitest-environment happy-dom
import { render } from 'preact';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ApiCallError, type Request } from '../session/request.ts';
import { invitationEn as words } from '../strings/invitation-en.ts';
import { InvitationCard } from './invitation-card.tsx';

const session = { agent: 'Eve', roles: ['agent', 'supervisor'] };

/** The page of an invitation, of which the server says what a test wants. */
function open(...answers: (object | ApiCallError)[]) {
  const asked: unknown[] = [];
  const copied: string[] = [];
  const request: Request = async (path, options) => {
    asked.push([path, options]);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const root = document.body.appendChild(document.createElement('div'));
  onTestFinished(() => {
    render(null, root);
    root.remove();
  });
  const copy = async (text: string) => void copied.push(text);
  render(<InvitationCard words={words} token="secret" request={request} copy={copy} />, root);
  const click = (name: string) =>
    [...root.querySelectorAll('button')].find(({ textContent }) => textContent === name)?.click();
  return { asked, copied, click, text: () => root.textContent, root };
}

it('asks the server only when it is accepted, and then shows the code and the pages of the roles', async () => {
  const { asked, copied, click, text, root } = open({ session, code: 'abcd-efgh-jkmn' });
  expect(asked).toEqual([]);
  click(words.accept);
  click(words.accept);
  await vi.waitFor(() => expect(text()).toContain('Welcome, Eve'));
  expect(asked).toEqual([['api/invitation', { method: 'POST', body: { token: 'secret' } }]]);
  expect(text()).toContain('abcd-efgh-jkmn');
  expect([...root.querySelectorAll('a')].map((link) => link.getAttribute('href'))).toEqual([
    './',
    './wall.html',
  ]);
  click(words.copy);
  await vi.waitFor(() => expect(text()).toContain(words.copied));
  expect(copied).toEqual(['abcd-efgh-jkmn']);
});

it.each([
  ['wrong-code', words.problems['wrong-code']],
  ['too-many-tries', words.problems['too-many-tries']],
  ['bad-request', words.problems['not-needed']],
  ['internal', words.problems.unreachable],
] as const)('says what is wrong and what to do after %s, and can be tried again', async (code, problem) => {
  const { click, text } = open(new ApiCallError(code, 'Refused.'), { session, code: 'abcd' });
  click(words.accept);
  await vi.waitFor(() => expect(text()).toContain(problem));
  click(words.accept);
  await vi.waitFor(() => expect(text()).toContain('Welcome, Eve'));
});
