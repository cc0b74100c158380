import com.fasterxml.jackson.databind.ObjectMapper;
import com.vonage.client.HttpConfig;
import com.vonage.client.VonageClient;
import com.vonage.client.application.Application;
import com.vonage.client.application.capabilities.Voice;
import com.vonage.client.application.capabilities.Webhook;
import com.vonage.client.common.HttpMethod;
import com.vonage.client.conversations.Conversation;
import com.vonage.client.numbers.UpdateNumberRequest;
import com.vonage.client.users.User;
import com.vonage.client.voice.Call;
import com.vonage.client.voice.CallStatus;
import com.vonage.client.voice.CallsFilter;
import com.vonage.client.voice.PhoneEndpoint;
import com.vonage.client.voice.TalkPayload;
import com.vonage.client.voice.TextToSpeechLanguage;
import com.vonage.client.voice.ncco.Ncco;
import com.vonage.client.voice.ncco.TalkAction;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** Tries the methods of Vonage's SDK for Java on the emulator at EMULATOR; a line for each: ok or failed. */
public class Trial {
    interface Work<T> {
        T run() throws Exception;
    }

    interface Deed {
        void run() throws Exception;
    }

    static <T> T attempt(String name, Work<T> work) {
        try {
            T result = work.run();
            System.out.println("ok " + name);
            return result;
        } catch (Throwable error) {
            String text = (error + " " + error.getCause()).replace('\n', ' ');
            System.out.println("failed " + name + " " + text.substring(0, Math.min(300, text.length())));
            return null;
        }
    }

    static void perform(String name, Deed deed) {
        attempt(name, () -> {
            deed.run();
            return true;
        });
    }

    public static void main(String[] arguments) throws Exception {
        String emulator = System.getenv("EMULATOR");
        String url = System.getenv("APPLICATION");
        String phone = System.getenv("PHONE");
        // Java's own client offers to upgrade each connection.
        var asked = HttpRequest.newBuilder(URI.create(emulator + "/emulator/credentials")).build();
        var answer = HttpClient.newHttpClient().send(asked, HttpResponse.BodyHandlers.ofString());
        var own = new ObjectMapper().readTree(answer.body());
        String application = own.get("application_id").asText();
        String number = own.get("number").asText();
        var client = VonageClient.builder()
            .applicationId(application).privateKeyContents(own.get("private_key").asText())
            .apiKey(own.get("api_key").asText()).apiSecret(own.get("api_secret").asText())
            .httpConfig(HttpConfig.builder().baseUri(emulator).build()).build();
        System.out.println("version " + System.getenv("VONAGE_JAVA_VERSION"));

        var voice = client.getVoiceClient();
        var stay = TalkAction.builder("Hello").loop(0).build();
        var call = attempt("voice.createCall", () -> voice.createCall(new Call(phone, number, List.of(stay))));
        attempt("voice.createCall with an answer URL", () -> voice.createCall(Call.builder()
            .to(new PhoneEndpoint(phone)).fromRandomNumber(true)
            .answerUrl(url).eventUrl(url).lengthTimer(100).ringingTimer(20).build()));
        String id = call.getUuid();
        while (voice.getCallDetails(id).getStatus() != CallStatus.ANSWERED) Thread.sleep(50);
        attempt("voice.getCallDetails", () -> voice.getCallDetails(id));
        attempt("voice.listCalls", () -> voice.listCalls(
            CallsFilter.builder().status(CallStatus.ANSWERED).pageSize(2).build()));
        perform("voice.muteCall", () -> voice.muteCall(id));
        perform("voice.unmuteCall", () -> voice.unmuteCall(id));
        perform("voice.earmuffCall", () -> voice.earmuffCall(id));
        perform("voice.unearmuffCall", () -> voice.unearmuffCall(id));
        var text = TalkPayload.builder("Hello").language(TextToSpeechLanguage.UNITED_KINGDOM_ENGLISH)
            .style(0).premium(false).level(0.1).loop(1).build();
        attempt("voice.startTalk", () -> voice.startTalk(id, text));
        attempt("voice.stopTalk", () -> voice.stopTalk(id));
        attempt("voice.startStream", () -> voice.startStream(id, url));
        attempt("voice.stopStream", () -> voice.stopStream(id));
        attempt("voice.sendDtmf", () -> voice.sendDtmf(id, "12#"));
        perform("voice.addDtmfListener", () -> voice.addDtmfListener(id, url));
        perform("voice.removeDtmfListener", () -> voice.removeDtmfListener(id));
        perform("voice.transferCall to an NCCO", () -> voice.transferCall(id, new Ncco(stay)));
        perform("voice.transferCall to a URL", () -> voice.transferCall(id, url));
        perform("voice.terminateCall", () -> voice.terminateCall(id));

        var users = client.getUsersClient();
        var user = attempt("users.createUser", () -> users.createUser(User.builder().name("java").build()));
        attempt("users.listUsers", () -> users.listUsers());
        attempt("users.getUser", () -> users.getUser(user.getId()));
        attempt("users.updateUser", () -> users.updateUser(user.getId(), User.builder().displayName("J").build()));
        perform("users.deleteUser", () -> users.deleteUser(user.getId()));

        var applications = client.getApplicationClient();
        var webhook = Webhook.builder().address("https://app.example/a").method(HttpMethod.GET).build();
        var capability = Voice.builder().answer(webhook).build();
        var made = attempt("applications.createApplication", () -> applications.createApplication(
            Application.builder().name("Java").addCapability(capability).build()));
        attempt("applications.listApplications", () -> applications.listApplications());
        attempt("applications.getApplication", () -> applications.getApplication(made.getId().toString()));
        attempt("applications.updateApplication", () -> applications.updateApplication(
            Application.builder(made).name("Renamed").build()));
        perform("applications.deleteApplication", () -> applications.deleteApplication(made.getId().toString()));

        var numbers = client.getNumbersClient();
        attempt("numbers.listNumbers", () -> numbers.listNumbers());
        var found = attempt("numbers.searchNumbers", () -> numbers.searchNumbers("GB"));
        String msisdn = found.getNumbers()[0].getMsisdn();
        perform("numbers.buyNumber", () -> numbers.buyNumber("GB", msisdn));
        perform("numbers.linkNumber", () -> numbers.linkNumber(msisdn, "GB", application));
        perform("numbers.updateNumber", () -> numbers.updateNumber(
            UpdateNumberRequest.builder(msisdn, "GB").applicationId(application).build()));
        perform("numbers.cancelNumber", () -> numbers.cancelNumber("GB", msisdn));

        var account = client.getAccountClient();
        attempt("account.getBalance", () -> account.getBalance());
        perform("account.topUp", () -> account.topUp("x"));
        attempt("account.updateSmsIncomingUrl", () -> account.updateSmsIncomingUrl(url));
        attempt("account.listSecrets", () -> account.listSecrets());
        var secret = attempt("account.createSecret", () -> account.createSecret("Abcdefg123"));
        attempt("account.getSecret", () -> account.getSecret(secret.getId()));
        perform("account.revokeSecret", () -> account.revokeSecret(secret.getId()));

        var conversations = client.getConversationsClient();
        var talk = attempt("conversations.createConversation", () -> conversations.createConversation(
            Conversation.builder().name("java").build()));
        attempt("conversations.listConversations", () -> conversations.listConversations());
        attempt("conversations.getConversation", () -> conversations.getConversation(talk.getId()));
        attempt("conversations.updateConversation", () -> conversations.updateConversation(
            talk.getId(), Conversation.builder().displayName("J").build()));
        attempt("conversations.listMembers", () -> conversations.listMembers(talk.getId()));
        perform("conversations.deleteConversation", () -> conversations.deleteConversation(talk.getId()));
        System.exit(0);
    }
}
