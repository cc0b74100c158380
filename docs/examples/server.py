"""A Voice application in plain Python: greets callers, rings Alice, prints events.

VONAGE_SIGNATURE_SECRET  if set, only webhooks signed with it are accepted
PORT                     3000 by default
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
    """Checks the token: its HS256 signature, its hash of the body (for GET: of the query, in order), and its age."""
    try:
        header, claims, signature = authorization.removeprefix("Bearer ").split(".")
        expected = hmac.new(SECRET.encode(), f"{header}.{claims}".encode(), hashlib.sha256).digest()
        claimed = json.loads(decode(claims))
        return (
            hmac.compare_digest(expected, decode(signature))
            and claimed["payload_hash"] == hashlib.sha256(sent).hexdigest()
            and abs(time.time() - claimed["iat"]) <= 300
        )
    except (ValueError, KeyError, TypeError):
        return False


def say(line):
    """Prints a line in one write, because each request runs in its own thread."""
    print(line + "\n", end="", flush=True)


class Webhooks(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        sent = json.dumps(query, separators=(",", ":"), ensure_ascii=False).encode()
        if url.path != "/webhooks/answer":
            self.answer(404)
        elif self.is_allowed(sent):
            say(f"call from {query.get('from')}")
            self.answer(200, [
                {"action": "talk", "text": "Hello, one moment please."},
                {"action": "connect", "endpoint": [{"type": "app", "user": "Alice"}]},
            ])

    def do_POST(self):
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.is_allowed(sent):
            event = json.loads(sent)
            say(f"{event.get('status')} {event.get('to')}")
            self.answer(200)

    def is_allowed(self, sent):
        allowed = not SECRET or is_signed(self.headers.get("Authorization", ""), sent)
        if not allowed:
            self.answer(401)
        return allowed

    def answer(self, status, body=None):
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Suppresses the request log."""


say(f"Listening on {PORT}")
ThreadingHTTPServer(("127.0.0.1", PORT), Webhooks).serve_forever()
