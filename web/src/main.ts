import { mount } from 'svelte';
import App from './App.svelte';
import { PageApp } from './call/app.svelte';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { app: new PageApp() } });
