import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Starts one Elasticsearch node from the jars on Maven Central, which lack the distribution's own start-up code.
 *
 * <p>Arguments: the home folder (its {@code modules} are loaded), the configuration folder, then settings as
 * {@code name=value}. Runs until the process is told to end.
 */
public final class ElasticsearchLauncher {
  private ElasticsearchLauncher() {}

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]).toAbsolutePath();
    System.setProperty("es.path.home", home.toString());
    Settings settings = settings(home, arguments);
    Environment environment = new Environment(settings, Path.of(arguments[1]).toAbsolutePath());
    LogConfigurator.registerErrorListener();
    LogConfigurator.configureWithoutConfig(settings);
    Node node = new Node(environment, plugins(environment));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    Thread.currentThread().join();
  }

  private static Settings settings(Path home, String[] arguments) {
    Settings.Builder builder = Settings.builder().put("path.home", home);
    for (int i = 2; i < arguments.length; i++) {
      String[] nameAndValue = arguments[i].split("=", 2);
      builder.put(nameAndValue[0], nameAndValue[1]);
    }
    return builder.build();
  }

  private static PluginsLoader plugins(Environment environment) {
    return PluginsLoader.createPluginsLoader(
        PluginsLoader.loadModulesBundles(environment.modulesDir(), false),
        PluginsLoader.loadPluginsBundles(environment.pluginsDir(), false),
        Map.of(),
        false);
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception failure) {
      System.err.println("Elasticsearch did not close cleanly: " + failure);
    }
  }
}
