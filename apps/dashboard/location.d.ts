export declare const dashboardFolder: URL;
