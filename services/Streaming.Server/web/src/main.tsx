import { render } from 'preact';
import { App } from './app/App';
import { applyTheme } from './app/theme';
import './styles/foundation.css';
import './styles/controls.css';
import './styles/shell.css';
import './styles/wall.css';

applyTheme();
render(<App />, document.getElementById('page')!);
