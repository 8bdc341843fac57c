/** The story of the demo: what two people do, and which devices must be notified. */

import { beginChat, joinChat } from './chats.ts';
import type { Device, Platform } from './device.ts';

/** What the story needs from its stage. */
export interface Stage {
  device(name: string, platform: Platform): Promise<Device>;
  /** Begins a chapter. */
  chapter(title: string): void;
  /** Says what somebody does, then does it. */
  act<T>(text: string, deed: () => Promise<T>): Promise<T>;
  /** Waits until each of these devices shows this; the stage prints it as it arrives. */
  arrives(devices: readonly Device[], title: string, body?: string): Promise<void>;
  /** Does the deed, waits until the function has run to its end, and holds it to having sent nothing. */
  staysSilent(functionName: string, text: string, deed: () => Promise<unknown>): Promise<void>;
  /** Waits until the condition holds, then says so. */
  holds(text: string, condition: () => Promise<boolean>): Promise<void>;
  /** From now on the provider answers that the app is gone from this device. */
  uninstall(device: Device): Promise<void>;
}

const MAYA = { email: 'maya@example.com', password: 'correct horse' };
const LEO = { email: 'leo@example.com', password: 'battery staple' };

export async function story(stage: Stage): Promise<void> {
  const phone = await stage.device("Maya's phone", 'android');
  const tablet = await stage.device("Maya's tablet", 'ios');
  const browser = await stage.device("Maya's browser", 'web');
  const leosPhone = await stage.device("Leo's phone", 'android');

  stage.chapter('Two people sign up, and their devices are registered');
  await stage.act('Maya signs up on her phone', () => phone.signUp(MAYA, 'Maya'));
  await stage.act('Leo signs up on his phone', () => leosPhone.signUp(LEO, 'Leo'));
  await stage.act("Maya's phone calls registerToken", () => phone.registerByCallable());
  await stage.act("Leo's phone calls registerToken", () => leosPhone.registerByCallable());
  await stage.act('Maya signs in on her tablet, which adds its token with arrayUnion', async () => {
    await tablet.signIn(MAYA);
    await tablet.registerByArrayUnion();
  });

  stage.chapter('A like, a comment and a follow');
  const maya = phone.uid();
  const leo = leosPhone.uid();
  const post = await stage.act('Maya posts a picture', () =>
    phone.add('posts', {
      ownerId: maya,
      text: 'First snow on the pass',
      imageUrl: 'https://example.com/pass.jpg',
    }),
  );
  await stage.staysSilent('notifyLike', 'Maya likes her own post: nobody is notified', () =>
    phone.create(`posts/${post}/likes/${maya}`, {}),
  );
  await stage.act('Leo likes it', () => leosPhone.create(`posts/${post}/likes/${leo}`, {}));
  await stage.arrives([phone, tablet], 'Leo liked your post');

  const comment = { authorId: leo, text: 'Take me with you 🏔️' };
  await stage.act(`Leo comments: ${comment.text}`, () =>
    leosPhone.add(`posts/${post}/comments`, comment),
  );
  await stage.arrives([phone, tablet], 'Leo commented on your post', comment.text);

  await stage.act('Leo follows Maya', () =>
    leosPhone.create(`follows/${leo}_${maya}`, { followerId: leo, followedId: maya }),
  );
  await stage.arrives([phone, tablet], 'Leo follows you');

  stage.chapter('A chat, in both directions');
  const chat = await stage.act('Leo begins a chat and invites Maya', () =>
    beginChat(leosPhone, [maya]),
  );
  await stage.arrives([phone, tablet], 'Leo invited you to chat');
  const say = (from: Device, text: string): Promise<string> =>
    stage.act(`${from === leosPhone ? 'Leo' : 'Maya'} writes: ${text}`, () =>
      from.add(`chats/${chat}/messages`, { senderId: from.uid(), text }),
    );
  await stage.staysSilent(
    'notifyChatMessage',
    'Leo writes: Hello? Maya has not joined: nobody is notified',
    () => leosPhone.add(`chats/${chat}/messages`, { senderId: leo, text: 'Hello?' }),
  );
  await stage.act('Maya joins', () => joinChat(phone, chat));
  await say(leosPhone, 'Saturday?');
  await stage.arrives([phone, tablet], 'Leo', 'Saturday?');
  await say(tablet, 'Saturday. I drive.');
  await stage.arrives([leosPhone], 'Maya', 'Saturday. I drive.');

  stage.chapter('The app is removed from the tablet: its token is dead');
  await stage.act('Maya signs in in her browser, which calls registerToken', async () => {
    await browser.signIn(MAYA);
    await browser.registerByCallable();
  });
  await stage.act('The app is uninstalled from the tablet', () => stage.uninstall(tablet));
  await say(leosPhone, 'I bring tea.');
  await stage.arrives([phone, browser], 'Leo', 'I bring tea.');
  await stage.holds("The dead token has been pruned from Maya's document", async () => {
    const tokens = await phone.tokens();
    return !tokens.includes(tablet.token) && tokens.includes(phone.token);
  });

  stage.chapter('Maya logs out on her phone');
  await stage.act("Maya's phone calls unregisterToken and signs out", async () => {
    await phone.unregister();
    await phone.signOut();
  });
  await say(leosPhone, 'And cake.');
  await stage.arrives([browser], 'Leo', 'And cake.');
  await stage.holds('Only the browser has a token left, and only it was reached', async () => {
    const tokens = await browser.tokens();
    return tokens.length === 1 && tokens[0] === browser.token;
  });
}
