<?php
// Tries the methods of Vonage's SDK for PHP on the emulator at EMULATOR; a line for each: ok or failed.
//   VONAGE_PHP_AUTOLOAD  the autoloader that finds the SDK, as Composer makes one
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);
require getenv('VONAGE_PHP_AUTOLOAD') ?: 'vendor/autoload.php';

use Vonage\Application\Application;
use Vonage\Application\Webhook as ApplicationWebhook;
use Vonage\Client\Credentials\{Basic, Container, Keypair};
use Vonage\Conversation\ConversationObjects\CreateConversationRequest;
use Vonage\Users\User;
use Vonage\Voice\Endpoint\Phone;
use Vonage\Voice\NCCO\Action\Talk;
use Vonage\Voice\NCCO\NCCO;
use Vonage\Voice\{OutboundCall, Webhook};

// As frameworks do: a warning is an error.
set_error_handler(function ($level, $text, $file, $line) {
    if (error_reporting() & $level) {
        throw new ErrorException($text, 0, $level, $file, $line);
    }
    return true;
});

$emulator = getenv('EMULATOR');
$url = getenv('APPLICATION');
$phone = getenv('PHONE');
$own = json_decode(file_get_contents("$emulator/emulator/credentials"), true);
$connect = fn() => new Vonage\Client(
    new Container(
        new Basic($own['api_key'], $own['api_secret']),
        new Keypair($own['private_key'], $own['application_id'])
    ),
    ['base_api_url' => $emulator, 'base_rest_url' => $emulator]
);
$client = $connect();
echo 'version ', getenv('VONAGE_PHP_VERSION') ?: Composer\InstalledVersions::getVersion('vonage/client-core'), "\n";

function attempt(string $name, callable $work)
{
    try {
        $result = $work();
        if ($result === false) {
            throw new Exception('false');
        }
        echo "ok $name\n";
        return $result;
    } catch (Throwable $error) {
        echo "failed $name ", get_class($error), ' ', substr(strtr($error->getMessage(), "\n", ' '), 0, 300), "\n";
        return null;
    }
}

$each = fn(iterable $many) => count(is_array($many) ? $many : iterator_to_array($many, false)) >= 0;

$voice = $client->voice();
$stay = (new NCCO())->addAction((new Talk('Hello'))->setLoop(0));
$call = attempt('voice.createOutboundCall', fn() => $voice->createOutboundCall(
    (new OutboundCall(new Phone($phone), new Phone($own['number'])))->setNCCO($stay)
));
attempt('voice.createOutboundCall with an answer URL', fn() => $voice->createOutboundCall(
    (new OutboundCall(new Phone($phone)))->setAnswerWebhook(new Webhook($url, 'GET'))->setMachineDetection('continue')
));
$id = $call->getUuid();
while ($voice->get($id)->getStatus() !== 'answered') {
    usleep(50000);
}
attempt('voice.get', fn() => $voice->get($id)->toArray());
attempt('voice.search', fn() => $each($voice->search()));
foreach (['muteCall', 'unmuteCall', 'earmuffCall', 'unearmuffCall'] as $name) {
    attempt("voice.$name", fn() => $voice->$name($id));
}
attempt('voice.playDTMF', fn() => $voice->playDTMF($id, '123'));
attempt('voice.playTTS', fn() => $voice->playTTS(
    $id,
    (new Talk('Hello'))->setLanguage('en-GB', 1)->setPremium(false)->setLevel(0.3)
));
attempt('voice.stopTTS', fn() => $voice->stopTTS($id));
attempt('voice.streamAudio', fn() => $voice->streamAudio($id, $url));
attempt('voice.stopStreamAudio', fn() => $voice->stopStreamAudio($id));
attempt('voice.subscribeToDtmfEventsById', fn() => $voice->subscribeToDtmfEventsById($id, [$url]));
attempt('voice.unsubscribeToDtmfEventsById', fn() => $voice->unsubscribeToDtmfEventsById($id));
attempt('voice.transferCallWithNCCO', fn() => $voice->transferCallWithNCCO($id, $stay));
attempt('voice.transferCallWithUrl', fn() => $voice->transferCallWithUrl($id, $url));
attempt('voice.modifyCall', fn() => $voice->modifyCall($id, 'mute'));
attempt('voice.hangupCall', fn() => $voice->hangupCall($id));

$users = $client->users();
$user = attempt('users.createUser', fn() => $users->createUser(
    (new User())->setName('php')->setDisplayName('P')->setProperties([])->setChannels([])
));
attempt('users.listUsers', fn() => $each($users->listUsers()));
attempt('users.getUser', fn() => $users->getUser($user->getId()));
attempt('users.updateUser', fn() => $users->updateUser($user->setDisplayName('Q')));
attempt('users.deleteUser', fn() => $users->deleteUser($user->getId()));

$applications = $client->applications();
$made = attempt('applications.create', function () use ($applications) {
    $new = (new Application())->setName('PHP');
    $new->getVoiceConfig()->setWebhook('answer_url', new ApplicationWebhook('https://app.example/a', 'GET'));
    $new->getVoiceConfig()->setWebhook('event_url', new ApplicationWebhook('https://app.example/e', 'POST'));
    return $applications->create($new);
});
attempt('applications.get', fn() => $applications->get($made->getId()));
attempt('applications.getAll', fn() => $each($applications->getAll()));
attempt('applications.update', fn() => $applications->update($made->setName('Renamed')));
attempt('applications.delete', fn() => $applications->delete($made->getId()));

$numbers = $client->numbers();
$found = attempt('numbers.searchAvailable', fn() => $numbers->searchAvailable('GB'));
foreach ($found as $number) {
    break;
}
attempt('numbers.purchase', fn() => $numbers->purchase($number->getMsisdn(), 'GB'));
attempt('numbers.searchOwned', fn() => $each($numbers->searchOwned()));
attempt('numbers.get', fn() => $numbers->get($number->getMsisdn()));
// After a purchase the SDK's client asks another address for everything.
attempt('numbers.update', fn() => $connect()->numbers()->update($number->setAppId($own['application_id'])));
attempt('numbers.cancel', fn() => $numbers->cancel($number));

$account = $client->account();
attempt('account.getBalance', fn() => $account->getBalance());
attempt('account.topUp', fn() => $account->topUp('x'));
attempt('account.getConfig', fn() => $account->getConfig());
attempt('account.updateConfig', fn() => $account->updateConfig(['sms_callback_url' => $url]));
attempt('account.getVoicePrice', fn() => $account->getVoicePrice('GB'));
attempt('account.getSmsPrice', fn() => $account->getSmsPrice('GB'));
attempt('account.getPrefixPricing', fn() => $account->getPrefixPricing('44'));
$secrets = $client->secrets();
attempt('secrets.list', fn() => $each($secrets->list($own['api_key'])));
$secret = attempt('secrets.create', fn() => $secrets->create($own['api_key'], 'Abcdefg123'));
attempt('secrets.get', fn() => $secrets->get($own['api_key'], $secret->getId()));
attempt('secrets.revoke', fn() => $secrets->revoke($own['api_key'], $secret->getId()));
attempt('conversation.createConversation', fn() => $client->conversation()->createConversation(
    new CreateConversationRequest('php', 'P', 'https://app.example/i.png')
));
attempt('conversation.listConversations', fn() => $each($client->conversation()->listConversations()));
