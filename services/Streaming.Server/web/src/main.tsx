import { render } from 'preact';
import { App } from './app/App';
import { applyTheme } from './app/theme';
import './styles/foundation.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/wall.css';
import './styles/source.css';
import './styles/timeline.css';
import './styles/ask.css';
import './styles/sight.css';
import './styles/events.css';

applyTheme();
render(<App />, document.getElementById('page')!);
