import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.neo4j.server.CommunityBootstrapper;

/**
 * The Neo4j Community server as people start it, over a home folder that stays. Arguments: the folder, and settings as
 * name=value. Runs until its input ends.
 */
public class Neo4jServer {
    public static void main(String[] args) throws Exception {
        Map<String, String> settings = new HashMap<>();
        for (int i = 1; i < args.length; i++) {
            String[] each = args[i].split("=", 2);
            settings.put(each[0], each[1]);
        }
        CommunityBootstrapper server = new CommunityBootstrapper();
        server.start(Path.of(args[0]), settings);
        while (System.in.read() >= 0) {
        }
        System.exit(server.stop());
    }
}
