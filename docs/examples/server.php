<?php
// A Voice application in plain PHP: greets callers, rings Alice, prints events.
//   php -S 127.0.0.1:3000 server.php
//   VONAGE_SIGNATURE_SECRET  if set, only webhooks signed with it are accepted

$secret = getenv('VONAGE_SIGNATURE_SECRET') ?: '';
$body = file_get_contents('php://input');
$isGet = $_SERVER['REQUEST_METHOD'] === 'GET';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

/** Checks the token: its HS256 signature, its hash of the body (for GET: of the query, in order), and its age. */
function isSigned(string $secret, string $authorization, string $sent): bool
{
    $parts = explode('.', preg_replace('/^Bearer /i', '', $authorization));
    if (count($parts) !== 3) {
        return false;
    }
    [$header, $claims, $signature] = $parts;
    $expected = rtrim(strtr(base64_encode(hash_hmac('sha256', "$header.$claims", $secret, true)), '+/', '-_'), '=');
    $claimed = json_decode(base64_decode(strtr($claims, '-_', '+/')), true) ?? [];
    return hash_equals($expected, $signature)
        && hash('sha256', $sent) === ($claimed['payload_hash'] ?? null)
        && abs(time() - ($claimed['iat'] ?? 0)) <= 300;
}

$sent = $isGet ? json_encode($_GET, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) : $body;
if ($secret !== '' && !isSigned($secret, $_SERVER['HTTP_AUTHORIZATION'] ?? '', $sent)) {
    http_response_code(401);
} elseif ($path === '/webhooks/answer' && $isGet) {
    error_log('call from ' . ($_GET['from'] ?? ''));
    header('Content-Type: application/json');
    echo json_encode([
        ['action' => 'talk', 'text' => 'Hello, one moment please.'],
        ['action' => 'connect', 'endpoint' => [['type' => 'app', 'user' => 'Alice']]],
    ]);
} elseif ($path === '/webhooks/event' && !$isGet) {
    $event = json_decode($body, true);
    error_log(($event['status'] ?? '') . ' ' . ($event['to'] ?? ''));
} else {
    http_response_code(404);
}
