import { expect, it } from 'vitest';
import { EVERYTHING } from './filter.ts';
import { harAddress } from './har-address.ts';

it('requests an archive of what the list shows', () => {
  expect(harAddress('../requests', EVERYTHING)).toBe('../requests.har');
  expect(harAddress('../requests', { text: ' a b ', direction: 'out', outcome: '4xx', call: 'CON-1' })).toBe(
    '../requests.har?call=CON-1&direction=out&status=4xx&text=a+b',
  );
});
