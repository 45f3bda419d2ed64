// A real site imports from its own house: import { reconnect } from 'https://chat.example.com/webchat.js';
const house = `http://127.0.0.1:${location.port}`;
const { reconnect } = await import(`${house}/webchat.js`);
const [status, buttons, element] = ['status', 'buttons', 'chat'].map((id) => document.getElementById(id));

const chat = reconnect({
  house,
  webChat: window.WebChat,
  render: (props) => window.WebChat.renderWebChat(props, element),
  status: (now) => {
    status.textContent = now.text;
    buttons.replaceChildren(...now.buttons.filter((name) => name in LABELS).map(button));
  },
});

// The site's own sign-in: the chat goes on as theirs.
const signIn = async () => {
  const body = JSON.stringify({ subject: 'lea' });
  const headers = { 'content-type': 'application/json' };
  return (await (await fetch('/local/signin', { method: 'POST', headers, body })).json()).token;
};
document.getElementById('sign-in').addEventListener('click', async () => (await chat).signedIn(signIn));

const LABELS = {
  suspend: 'Suspend',
  end: 'End chat',
  newChat: 'New chat',
  anyone: 'Anyone, with my history',
};
function button(name) {
  const pressed = Object.assign(document.createElement('button'), { textContent: LABELS[name] });
  pressed.addEventListener('click', async () => (await chat).press(name));
  return pressed;
}
