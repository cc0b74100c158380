# Calls a phone with Vonage's own SDK for Ruby, by the emulator.
#
#   npm run emulator -- --tls            prints the line that makes Ruby trust it; run that first
#   gem install vonage
#   ruby call.rb 447700900000
#
# VONAGE_EMULATOR  address of the emulator; http://127.0.0.1:3001
require 'json'
require 'net/http'
require 'vonage'

emulator = URI(ENV.fetch('VONAGE_EMULATOR', 'http://127.0.0.1:3001'))
number, = ARGV
credentials = JSON.parse(Net::HTTP.get(emulator + '/emulator/credentials'))

# The SDK speaks https only, and wants hosts without it.
host = "#{emulator.host}:#{emulator.port}"
vonage = Vonage::Client.new(
  application_id: credentials['application_id'],
  private_key: credentials['private_key'],
  api_host: host,
  rest_host: host
)

call = vonage.voice.create(
  to: [{ type: 'phone', number: number }],
  from: { type: 'phone', number: credentials['number'] },
  ncco: [{ action: 'talk', text: 'Hello from Ruby.' }]
)
puts "#{call.uuid} #{call.status}"

sleep 0.2 while %w[started ringing answered].include?(vonage.voice.get(call.uuid).status)
puts "#{call.uuid} #{vonage.voice.get(call.uuid).status}"
