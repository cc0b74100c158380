"""Calls a phone with Vonage's own SDK for Python, by the emulator.

    npm run emulator -- --tls            prints the line that makes Python trust it; run that first
    pip install vonage
    python3 call.py 447700900000

VONAGE_EMULATOR  address of the emulator; http://127.0.0.1:3001
"""
import json
import os
import sys
import time
from urllib.parse import urlsplit
from urllib.request import urlopen

from vonage import Auth, HttpClientOptions, Vonage
from vonage_voice import CreateCallRequest, Phone, Talk, ToPhone

EMULATOR = os.environ.get("VONAGE_EMULATOR", "http://127.0.0.1:3001")
[number] = sys.argv[1:]

with urlopen(f"{EMULATOR}/emulator/credentials") as answer:
    credentials = json.load(answer)

# The SDK speaks https only, and wants hosts without it.
host = urlsplit(EMULATOR).netloc
vonage = Vonage(
    Auth(application_id=credentials["application_id"], private_key=credentials["private_key"]),
    HttpClientOptions(api_host=host, rest_host=host),
)

call = vonage.voice.create_call(CreateCallRequest(
    to=[ToPhone(number=number)],
    from_=Phone(number=credentials["number"]),
    ncco=[Talk(text="Hello from Python.")],
))
print(call.uuid, call.status)

while vonage.voice.get_call(call.uuid).status in ("started", "ringing", "answered"):
    time.sleep(0.2)
print(call.uuid, vonage.voice.get_call(call.uuid).status)
