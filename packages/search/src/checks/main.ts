import { checkFolder } from "./check-folder.js";

process.exitCode = checkFolder(process.argv[2], { print: console.log, complain: console.error });
