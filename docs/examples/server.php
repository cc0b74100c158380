<?php
// A Voice application with nothing but PHP: greets callers, rings Alice, prints what happens.
//   php -S 127.0.0.1:3000 server.php
//   VONAGE_SIGNATURE_SECRET  checks that webhooks are signed; without it they are not checked

$secret = getenv('VONAGE_SIGNATURE_SECRET') ?: '';
$body = file_get_contents('php://input');
$isQuestion = $_SERVER['REQUEST_METHOD'] === 'GET';
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);

/** HS256 over head and claims, and in the claims a hash of the body, or of the query in its order. */
function isSigned(string $secret, string $authorization, string $sent): bool
{
    $parts = explode('.', preg_replace('/^Bearer /i', '', $authorization));
    if (count($parts) !== 3) {
        return false;
    }
    [$head, $claims, $seal] = $parts;
    $right = rtrim(strtr(base64_encode(hash_hmac('sha256', "$head.$claims", $secret, true)), '+/', '-_'), '=');
    $said = json_decode(base64_decode(strtr($claims, '-_', '+/')), true) ?? [];
    return hash_equals($right, $seal)
        && hash('sha256', $sent) === ($said['payload_hash'] ?? null)
        && abs(time() - ($said['iat'] ?? 0)) <= 300;
}

$sent = $isQuestion ? json_encode($_GET, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE) : $body;
if ($secret !== '' && !isSigned($secret, $_SERVER['HTTP_AUTHORIZATION'] ?? '', $sent)) {
    http_response_code(401);
} elseif ($path === '/webhooks/answer' && $isQuestion) {
    error_log('call from ' . ($_GET['from'] ?? ''));
    header('Content-Type: application/json');
    echo json_encode([
        ['action' => 'talk', 'text' => 'Hello, one moment please.'],
        ['action' => 'connect', 'endpoint' => [['type' => 'app', 'user' => 'Alice']]],
    ]);
} elseif ($path === '/webhooks/event' && !$isQuestion) {
    $event = json_decode($body, true);
    error_log(($event['status'] ?? '') . ' ' . ($event['to'] ?? ''));
} else {
    http_response_code(404);
}
