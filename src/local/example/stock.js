const answer = await fetch('/api/directline/token', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: '{}',
});
const { token, domain } = await answer.json();
const { createDirectLine, createStore, renderWebChat } = window.WebChat;
const store = createStore({}, ({ dispatch }) => (next) => (action) => {
  if (action.type === 'DIRECT_LINE/CONNECT_FULFILLED')
    dispatch({ type: 'WEB_CHAT/SEND_EVENT', payload: { name: 'webchat/join' } });
  return next(action);
});
const directLine = createDirectLine({ token, domain: new URL(domain, location.href).href });
renderWebChat({ directLine, store }, document.getElementById('chat'));
