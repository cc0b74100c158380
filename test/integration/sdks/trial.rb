# Tries the methods of Vonage's SDK for Ruby on the emulator at EMULATOR; a line for each: ok or failed.
require 'json'
require 'net/http'
require 'vonage'

EMULATOR = URI(ENV.fetch('EMULATOR'))
URL = ENV.fetch('APPLICATION')
OWN = JSON.parse(Net::HTTP.get(EMULATOR + '/emulator/credentials'))
HOST = "#{EMULATOR.host}:#{EMULATOR.port}"
CLIENT = Vonage::Client.new(
  application_id: OWN['application_id'], private_key: OWN['private_key'],
  api_key: OWN['api_key'], api_secret: OWN['api_secret'], api_host: HOST, rest_host: HOST
)
puts "version #{Vonage::VERSION}"

def attempt(name)
  result = yield
  puts "ok #{name}"
  result
rescue StandardError => e
  puts "failed #{name} #{e.class} #{e.message.tr("\n", ' ')[0, 300]}"
end

to = { type: 'phone', number: ENV.fetch('PHONE') }
stay = [{ action: 'talk', text: 'Hello', loop: 0 }]
voice = CLIENT.voice
call = attempt('voice.create') do
  voice.create(to: [to], from: { type: 'phone', number: OWN['number'] }, ncco: stay)
end
attempt('voice.create with an answer URL') { voice.create(to: [to], answer_url: [URL]) }
id = call.uuid
sleep 0.05 until voice.get(id).status == 'answered'
attempt('voice.get') { voice.get(id) }
attempt('voice.list') { voice.list({ page_size: 1 }) }
%i[mute unmute earmuff unearmuff].each { |name| attempt("voice.#{name}") { voice.public_send(name, id) } }
attempt('voice.talk.start') { voice.talk.start(id, text: 'Hello', language: 'en-GB', style: 0, loop: 0) }
attempt('voice.talk.stop') { voice.talk.stop(id) }
attempt('voice.stream.start') { voice.stream.start(id, stream_url: [URL]) }
attempt('voice.stream.stop') { voice.stream.stop(id) }
attempt('voice.dtmf.send') { voice.dtmf.send(id, digits: '123#') }
attempt('voice.transfer') { voice.transfer(id, destination: { type: 'ncco', ncco: stay }) }
attempt('voice.update') { voice.update(id, action: 'mute') }
attempt('voice.hangup') { voice.hangup(id) }

users = CLIENT.users
user = attempt('users.create') { users.create(name: 'ruby') }
attempt('users.list') { users.list }
attempt('users.find') { users.find(id: user.id) }
attempt('users.update') { users.update(id: user.id, display_name: 'R') }
attempt('users.delete') { users.delete(id: user.id) }

applications = CLIENT.applications
made = attempt('applications.create') { applications.create(name: 'Ruby') }
attempt('applications.list') { applications.list }
attempt('applications.get') { applications.get(made.id) }
voice_webhooks = { webhooks: { answer_url: { address: 'https://app.example/a', http_method: 'GET' } } }
attempt('applications.update') { applications.update(made.id, name: 'Renamed', capabilities: { voice: voice_webhooks }) }
attempt('applications.delete') { applications.delete(made.id) }

numbers = CLIENT.numbers
attempt('numbers.list') { numbers.list }
found = attempt('numbers.search') { numbers.search(country: 'GB') }
number = { country: 'GB', msisdn: found.numbers[0].msisdn }
attempt('numbers.buy') { numbers.buy(**number) }
attempt('numbers.update') { numbers.update(**number, app_id: OWN['application_id']) }
attempt('numbers.cancel') { numbers.cancel(**number) }

attempt('account.balance') { CLIENT.account.balance }
attempt('account.topup') { CLIENT.account.topup(trx: 'x') }
attempt('account.update') { CLIENT.account.update(moCallBackUrl: URL) }
attempt('secrets.list') { CLIENT.secrets.list }
secret = attempt('secrets.create') { CLIENT.secrets.create(secret: 'Abcdefg123') }
attempt('secrets.get') { CLIENT.secrets.get(secret.id) }
attempt('secrets.revoke') { CLIENT.secrets.revoke(secret.id) }
attempt('pricing.voice.get') { CLIENT.pricing.voice.get('GB') }
attempt('pricing.voice.list') { CLIENT.pricing.voice.list }
attempt('pricing.voice.prefix') { CLIENT.pricing.voice.prefix('44') }

conversation = attempt('conversation.create') { CLIENT.conversation.create(name: 'ruby') }
attempt('conversation.list') { CLIENT.conversation.list }
attempt('conversation.find') { CLIENT.conversation.find(conversation_id: conversation.id) }
attempt('conversation.update') { CLIENT.conversation.update(conversation_id: conversation.id, display_name: 'R') }
attempt('conversation.delete') { CLIENT.conversation.delete(conversation_id: conversation.id) }
