import { render } from 'preact';
import { App } from './app.tsx';
import './styles/base.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/list.css';
import './styles/decision.css';
import './styles/live.css';

render(<App />, document.getElementById('app') as HTMLElement);
