"""A Voice application with nothing but Python: greets callers, rings Alice, prints what happens.

VONAGE_SIGNATURE_SECRET  checks that webhooks are signed; without it they are not checked
PORT                     3000
"""
import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

SECRET = os.environ.get("VONAGE_SIGNATURE_SECRET", "")
PORT = int(os.environ.get("PORT", "3000"))


def decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def is_signed(authorization, sent):
    """HS256 over head and claims, and in the claims a hash of the body, or of the query in its order."""
    try:
        head, claims, seal = authorization.removeprefix("Bearer ").split(".")
        right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
        said = json.loads(decode(claims))
        return (
            hmac.compare_digest(right, decode(seal))
            and said["payload_hash"] == hashlib.sha256(sent).hexdigest()
            and abs(time.time() - said["iat"]) <= 300
        )
    except (ValueError, KeyError, TypeError):
        return False


def say(line):
    """In one piece: each request has a thread of its own."""
    print(line + "\n", end="", flush=True)


class Webhooks(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        sent = json.dumps(query, separators=(",", ":"), ensure_ascii=False).encode()
        if url.path != "/webhooks/answer":
            self.answer(404)
        elif self.is_welcome(sent):
            say(f"call from {query.get('from')}")
            self.answer(200, [
                {"action": "talk", "text": "Hello, one moment please."},
                {"action": "connect", "endpoint": [{"type": "app", "user": "Alice"}]},
            ])

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.is_welcome(sent):
            event = json.loads(sent)
            say(f"{event.get('status')} {event.get('to')}")
            self.answer(200)

    def is_welcome(self, sent):
        welcome = not SECRET or is_signed(self.headers.get("Authorization", ""), sent)
        if not welcome:
            self.answer(401)
        return welcome

    def answer(self, status, body=None):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Prints events only."""


say(f"Listening on {PORT}")
ThreadingHTTPServer(("127.0.0.1", PORT), Webhooks).serve_forever()
