// Tries the methods of Vonage's SDK for Node on the emulator at EMULATOR; a line for each: ok or failed.
import { readFileSync } from 'node:fs';
import { Vonage } from '@vonage/server-sdk';

const { EMULATOR: apiHost = '', APPLICATION: url = '', PHONE: number = '' } = process.env;
const own = await (await fetch(`${apiHost}/emulator/credentials`)).json();
const vonage = new Vonage(
  {
    applicationId: own.application_id,
    privateKey: own.private_key,
    apiKey: own.api_key,
    apiSecret: own.api_secret,
  },
  { apiHost, restHost: apiHost },
);
const manifest = new URL('../../../node_modules/@vonage/server-sdk/package.json', import.meta.url);
console.log('version', JSON.parse(readFileSync(manifest, 'utf8')).version);

async function attempt(name, work) {
  try {
    const result = await work();
    console.log('ok', name);
    return result;
  } catch (error) {
    console.log('failed', name, String(error).replaceAll('\n', ' ').slice(0, 300));
    return undefined;
  }
}

async function each(many) {
  for await (const _ of many);
}

const { voice, users, applications, numbers, accounts, pricing, conversations } = vonage;
const to = [{ type: 'phone', number }];
const ncco = [{ action: 'talk', text: 'Hello', loop: 0 }];
const from = { type: 'phone', number: own.number };
const { uuid } = await attempt('voice.createOutboundCall', () =>
  voice.createOutboundCall({ to, from, ncco }),
);
await attempt('voice.createOutboundCall with an answer URL', () =>
  voice.createOutboundCall({ to, randomFromNumber: true, answerUrl: [url] }),
);
while ((await voice.getCall(uuid)).status !== 'answered') await new Promise((done) => setTimeout(done, 50));
await attempt('voice.getCall', () => voice.getCall(uuid));
await attempt('voice.search', () => voice.search({ status: 'answered' }));
await attempt('voice.getCallsPage', () => voice.getCallsPage({ pageSize: 1 }));
await attempt('voice.getAllCalls', () => each(voice.getAllCalls({ pageSize: 1 })));
for (const name of ['muteCall', 'unmuteCall', 'earmuffCall', 'unearmuffCall']) {
  await attempt(`voice.${name}`, () => voice[name](uuid));
}
await attempt('voice.playTTS', () => voice.playTTS(uuid, { text: 'Hello', premium: false, level: 0.1 }));
await attempt('voice.stopTTS', () => voice.stopTTS(uuid));
await attempt('voice.streamAudio', () => voice.streamAudio(uuid, url));
await attempt('voice.stopStreamAudio', () => voice.stopStreamAudio(uuid));
await attempt('voice.playDTMF', () => voice.playDTMF(uuid, '12#'));
await attempt('voice.subscribeDTMF', () => voice.subscribeDTMF(uuid, url));
await attempt('voice.unsubscribeDTMF', () => voice.unsubscribeDTMF(uuid));
await attempt('voice.transferCallWithNCCO', () => voice.transferCallWithNCCO(uuid, ncco));
await attempt('voice.transferCallWithURL', () => voice.transferCallWithURL(uuid, url));
await attempt('voice.hangupCall', () => voice.hangupCall(uuid));
await attempt('voice.downloadRecording', () => voice.downloadRecording(`${apiHost}/v1/files/x`, '/dev/null'));

const user = await attempt('users.createUser', () => users.createUser({ name: 'node' }));
await attempt('users.getUserPage', () => users.getUserPage());
await attempt('users.listAllUsers', () => each(users.listAllUsers()));
await attempt('users.getUser', () => users.getUser(user.id));
await attempt('users.updateUser', () => users.updateUser({ ...user, displayName: 'N' }));
await attempt('users.deleteUser', () => users.deleteUser(user.id));

const made = await attempt('applications.createApplication', () =>
  applications.createApplication({ name: 'Node' }),
);
await attempt('applications.getApplicationPage', () => applications.getApplicationPage({}));
await attempt('applications.listAllApplications', () => each(applications.listAllApplications()));
await attempt('applications.getApplication', () => applications.getApplication(made.id));
await attempt('applications.updateApplication', () =>
  applications.updateApplication({ ...made, name: 'Renamed' }),
);
await attempt('applications.deleteApplication', () => applications.deleteApplication(made.id));

await attempt('numbers.getOwnedNumbers', () => numbers.getOwnedNumbers());
const found = await attempt('numbers.getAvailableNumbers', () =>
  numbers.getAvailableNumbers({ country: 'GB' }),
);
const [{ msisdn }] = found.numbers;
await attempt('numbers.buyNumber', () => numbers.buyNumber({ country: 'GB', msisdn }));
await attempt('numbers.updateNumber', () =>
  numbers.updateNumber({ country: 'GB', msisdn, appId: own.application_id }),
);
await attempt('numbers.cancelNumber', () => numbers.cancelNumber({ country: 'GB', msisdn }));

await attempt('accounts.getBalance', () => accounts.getBalance());
await attempt('accounts.topUpBalance', () => accounts.topUpBalance('x'));
await attempt('accounts.updateAccountCallbacks', () =>
  accounts.updateAccountCallbacks({ moCallBackUrl: url }),
);
await attempt('pricing.listCountryPricing', () => pricing.listCountryPricing('voice', 'GB'));
await attempt('pricing.listAllCountriesPricing', () => pricing.listAllCountriesPricing('voice'));
await attempt('pricing.listPrefixPricing', () => pricing.listPrefixPricing('voice', '44'));

const talk = await attempt('conversations.createConversation', () =>
  conversations.createConversation({ name: 'node' }),
);
await attempt('conversations.getConversationPage', () => conversations.getConversationPage({}));
await attempt('conversations.getConversation', () => conversations.getConversation(talk.id));
await attempt('conversations.updateConversation', () =>
  conversations.updateConversation({ ...talk, displayName: 'N' }),
);
await attempt('conversations.getMemberPage', () => conversations.getMemberPage(talk.id));
await attempt('conversations.deleteConversation', () => conversations.deleteConversation(talk.id));
