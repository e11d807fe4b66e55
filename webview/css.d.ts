/** Style sheets are imported for the bundler, which puts them beside the page's script. */
declare module '*.css';
