"""Tries the methods of Vonage's SDK for Python on the emulator at EMULATOR; a line for each: ok or failed."""
import json
import os
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

from vonage import Auth, HttpClientOptions, Vonage
from vonage._version import __version__
from vonage_account import GetCountryPricingRequest, GetPrefixPricingRequest
from vonage_application import ApplicationConfig, Capabilities, Voice, VoiceUrl, VoiceWebhooks
from vonage_numbers import NumberParams, SearchAvailableNumbersFilter, UpdateNumberParams
from vonage_users import Properties, User
from vonage_voice import (
    AdvancedMachineDetection, AudioStreamOptions, CreateCallRequest, ListCallsFilter, Phone, Talk, ToPhone,
    TtsStreamOptions,
)

EMULATOR = os.environ["EMULATOR"]
PHONE = os.environ["PHONE"]
URL = os.environ["APPLICATION"]
with urlopen(f"{EMULATOR}/emulator/credentials") as answer:
    own = json.load(answer)
host = urlsplit(EMULATOR).netloc
client = Vonage(
    Auth(
        application_id=own["application_id"], private_key=own["private_key"],
        api_key=own["api_key"], api_secret=own["api_secret"],
    ),
    HttpClientOptions(api_host=host, rest_host=host),
)
print("version", __version__)


def attempt(name, work):
    try:
        result = work()
        print("ok", name, flush=True)
        return result
    except Exception as error:
        print("failed", name, repr(error).replace("\n", " ")[:300], flush=True)


voice, account, numbers, users, applications = (
    client.voice, client.account, client.numbers, client.users, client.application,
)

stay = [Talk(text="Hello", loop=0)]
call = attempt("voice.create_call", lambda: voice.create_call(CreateCallRequest(
    to=[ToPhone(number=PHONE)], from_=Phone(number=own["number"]), ncco=stay,
)))
attempt("voice.create_call with an answer URL", lambda: voice.create_call(CreateCallRequest(
    to=[ToPhone(number=PHONE)], random_from_number=True, answer_url=[URL], length_timer=100, ringing_timer=20,
    advanced_machine_detection=AdvancedMachineDetection(beep_timeout=50),
)))
id = call.uuid
while voice.get_call(id).status != "answered":
    time.sleep(0.05)
attempt("voice.get_call", lambda: voice.get_call(id))
attempt("voice.list_calls", lambda: voice.list_calls(ListCallsFilter(page_size=1, status="answered")))
for name in ("mute", "unmute", "earmuff", "unearmuff"):
    attempt(f"voice.{name}", lambda: getattr(voice, name)(id))
attempt("voice.play_audio_into_call", lambda: voice.play_audio_into_call(
    id, AudioStreamOptions(stream_url=[URL], loop=1, level=0.2)))
attempt("voice.stop_audio_stream", lambda: voice.stop_audio_stream(id))
attempt("voice.play_tts_into_call", lambda: voice.play_tts_into_call(
    id, TtsStreamOptions(text="Hello", language="en-GB", style=0, premium=False, loop=1, level=0.1)))
attempt("voice.stop_tts", lambda: voice.stop_tts(id))
attempt("voice.play_dtmf_into_call", lambda: voice.play_dtmf_into_call(id, "123#"))
attempt("voice.transfer_call_ncco", lambda: voice.transfer_call_ncco(id, stay))
attempt("voice.transfer_call_answer_url", lambda: voice.transfer_call_answer_url(id, URL))
attempt("voice.hangup", lambda: voice.hangup(id))
attempt("voice.download_recording", lambda: voice.download_recording(f"{EMULATOR}/v1/files/x", "/dev/null"))

user = attempt("users.create_user", lambda: users.create_user(User(name="python")))
attempt("users.list_users", lambda: users.list_users())
attempt("users.get_user", lambda: users.get_user(user.id))
attempt("users.update_user", lambda: users.update_user(
    user.id, User(name="python", display_name="P", properties=Properties(custom_data={"a": 1}))))
attempt("users.delete_user", lambda: users.delete_user(user.id))

address = VoiceUrl(address="https://app.example/a", http_method="POST", connect_timeout=500, socket_timeout=3000)
capabilities = Capabilities(voice=Voice(
    webhooks=VoiceWebhooks(answer_url=address, event_url=address), signed_callbacks=True, region="eu-west"))
made = attempt("application.create_application", lambda: applications.create_application(
    ApplicationConfig(name="Python", capabilities=capabilities)))
attempt("application.get_application", lambda: applications.get_application(made.id))
attempt("application.list_applications", lambda: applications.list_applications())
attempt("application.update_application", lambda: applications.update_application(
    made.id, ApplicationConfig(name="Renamed")))
attempt("application.delete_application", lambda: applications.delete_application(made.id))

attempt("numbers.list_owned_numbers", lambda: numbers.list_owned_numbers())
found = attempt("numbers.search_available_numbers", lambda: numbers.search_available_numbers(
    SearchAvailableNumbersFilter(country="GB")))
number = NumberParams(country="GB", msisdn=found[0][0].msisdn)
attempt("numbers.buy_number", lambda: numbers.buy_number(number))
attempt("numbers.update_number", lambda: numbers.update_number(
    UpdateNumberParams(country="GB", msisdn=number.msisdn, app_id=own["application_id"])))
attempt("numbers.cancel_number", lambda: numbers.cancel_number(number))

attempt("account.get_balance", lambda: account.get_balance())
attempt("account.top_up", lambda: account.top_up("x"))
attempt("account.update_default_sms_webhook", lambda: account.update_default_sms_webhook(mo_callback_url=URL))
attempt("account.list_secrets", lambda: account.list_secrets())
secret = attempt("account.create_secret", lambda: account.create_secret("Abcdefg123"))
attempt("account.get_secret", lambda: account.get_secret(secret.id))
attempt("account.revoke_secret", lambda: account.revoke_secret(secret.id))
attempt("account.get_country_pricing", lambda: account.get_country_pricing(
    GetCountryPricingRequest(country_code="GB", type="voice")))
attempt("account.get_all_countries_pricing", lambda: account.get_all_countries_pricing("voice"))
attempt("account.get_prefix_pricing", lambda: account.get_prefix_pricing(
    GetPrefixPricingRequest(prefix="44", type="voice")))
